/** The cookie by which a browser shows that it has signed up itself. */
export const BROWSER_COOKIE = 'signUp'
