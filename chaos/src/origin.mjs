/** Where people reach the app, whichever instance serves them. */
export const ORIGIN = 'https://app.test'
