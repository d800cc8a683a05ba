export interface Tables {
  posts: { id: string; author: string }
}
