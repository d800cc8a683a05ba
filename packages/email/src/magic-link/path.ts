/** Where the page of a link is, under `basePath`. */
export const PATH = 'magic-link/open'
