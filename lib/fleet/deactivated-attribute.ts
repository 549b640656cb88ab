/**
 * The thing's attribute that names the certificate that the teardown's sweep deactivated.
 *
 * The memory must survive the teardown stack, and must be gone with the fleet. A thing's attribute is both. Only a certificate that is named
 * there is ever activated again: any other that is INACTIVE was deactivated by somebody, perhaps because its device was stolen.
 */
export const deactivatedAttribute = 'deactivatedByTeardown';
