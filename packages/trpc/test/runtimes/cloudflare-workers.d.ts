/** What Cloudflare's own types say of the app's environment. */
declare module 'cloudflare:workers' {
  export const env: { readonly AUTH_SECRET: string; readonly AUTH_URL: string }
}
