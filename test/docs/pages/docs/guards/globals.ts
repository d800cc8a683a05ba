declare global {
  function isOfficeOpen(): boolean
  function isOwner(userId: string, postId: string): Promise<boolean>
}
