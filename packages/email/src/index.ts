export { emailCode } from './email-code/plugin.ts'
export type { EmailCodeOptions } from './email-code/plugin.ts'
export type { EmailCode, EmailCodeInput } from './email-code/types.ts'
export type { EmailSent } from './shared/sent.ts'
export type { MailOptions, SendLimit, SendLimits, SignInMailOptions } from './shared/options.ts'
export type {
  AddressInUseMessage,
  ChangeCodeMessage,
  ChangedMessage,
  ChangeMessage,
  ChangeRequestedMessage,
  CodeMessage,
  EmailMessage,
  LinkMessage,
  Send,
} from './shared/messages.ts'
export { magicLink } from './magic-link/plugin.ts'
export type { MagicLinkOptions } from './magic-link/plugin.ts'
export type { LinkInfo, LinkToken, MagicLink, MagicLinkInput, MagicLinkOperations } from './magic-link/types.ts'
export { changeEmail } from './change-email/plugin.ts'
export type { ChangeEmailOptions } from './change-email/plugin.ts'
export type { ChangeEmail, ChangeEmailOperations } from './change-email/types.ts'
export { mailTexts } from './mail/mail-texts.ts'
export type { MailTextOptions } from './mail/mail-texts.ts'
export { renderMail } from './mail/render-mail.ts'
export type { RenderedMail, RenderMailOptions } from './mail/render-mail.ts'
export type { MailText } from './mail/mail-text.ts'
