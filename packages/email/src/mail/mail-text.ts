/** What a mail says, without its form. */
export interface MailText {
  readonly subject: string
  /** The first line in the mail. @default the subject */
  readonly heading?: string
  /** What comes before the code or the button. */
  readonly paragraphs: readonly string[]
  /** Shown large, in groups of three. */
  readonly code?: string
  readonly button?: { readonly label: string; readonly url: string }
  /** What comes last, in small letters. */
  readonly notes?: readonly string[]
}
