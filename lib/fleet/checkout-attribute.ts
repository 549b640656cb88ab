/**
 * The thing's attribute that names the checkout that deployed it. It marks a thing as one of this project's, whatever its name is.
 *
 * AWS IoT Core lists the things that have an attribute, so a fleet is found in an account of any size. A thing without a type has at most three
 * attributes: with the teardown's, one is left to the user.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/list-things.html
 */
export const checkoutAttribute = 'sharedSubscriptionsCheckout';
