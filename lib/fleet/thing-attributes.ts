/**
 * The thing's attribute that names the checkout that deployed it. It marks a thing as one of this project's, whatever its name is.
 *
 * AWS IoT Core lists the things that have an attribute, so a fleet is found in an account of any size. A thing without a type has at most three
 * attributes: with the teardown's, one is left to the user.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/list-things.html
 */
export const checkoutAttribute = 'sharedSubscriptionsCheckout';

/**
 * The thing's attribute that names the certificate that the teardown's sweep deactivated.
 *
 * The memory must survive the teardown stack, and must be gone with the fleet. A thing's attribute is both. Only a certificate that is named
 * there is ever activated again: any other that is INACTIVE was deactivated by somebody, perhaps because its device was stolen.
 */
export const deactivatedAttribute = 'deactivatedByTeardown';
