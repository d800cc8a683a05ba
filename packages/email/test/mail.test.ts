import { describe, expect, test } from 'vitest'
import { type EmailMessage, type MailText, mailTexts, renderMail } from '../src/index.ts'
import { open } from './support/open.ts'
import { newAddress, receiveCode, receiveLink } from './support/people.ts'

const to = 'ann@example.com'
const MESSAGES: readonly EmailMessage[] = [
  { type: 'code', to, code: '012345', expiresIn: 600 },
  { type: 'link', to, url: 'https://app.example.com/auth/magic-link/open?token=abc&x=1', expiresIn: 60 },
  { type: 'changeCode', to, code: '98765432', expiresIn: 600 },
  { type: 'changeRequested', to },
  { type: 'changed', to },
  { type: 'addressInUse', to },
]

describe.each(MESSAGES)('the mail of the type $type', (message) => {
  const text = mailTexts(message, { app: 'Notes' })
  const mail = renderMail(text)

  test('has a subject of one line, without a secret', () => {
    expect(mail.subject).toMatch(/^[\w ]{5,60}$/)
    expect(mail.subject).not.toMatch(/\d{6}/)
  })

  test('says the same in HTML and in plain text', () => {
    for (const part of [...text.paragraphs, ...(text.notes ?? [])]) {
      expect(mail.text).toContain(part)
      expect(mail.html).toContain(`>${part}<`)
    }
  })

  test('has nothing of other servers in it, and no scripts', () => {
    expect(mail.html).not.toMatch(/<img|<script|<link|<iframe|@import|url\(|\son\w+=/i)
    const addresses = [...mail.html.matchAll(/https?:\/\/[^\s"<]+/g)].map(([address]) =>
      address.replaceAll('&amp;', '&'),
    )
    expect(new Set(addresses)).toEqual(new Set('url' in message ? [message.url] : []))
  })

  test('can be read by a screen reader', () => {
    expect(mail.html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(mail.html).toMatch(/<title>[^<]+<\/title>/)
    expect(mail.html.match(/<h1/g)).toHaveLength(1)
    expect(mail.html.match(/<table/g)).toEqual(mail.html.match(/<table role="presentation"/g)?.map(() => '<table'))
  })

  test('does not name its recipient', () => {
    expect(mail.html + mail.text + mail.subject).not.toContain(to)
  })
})

test('a code is shown in groups that are easy to read', () => {
  const render = (code: string) => renderMail({ subject: 'Code', paragraphs: [], code })
  expect(render('012345').text).toContain('012 345')
  expect(render('01234567').html).toContain('>0123 4567<')
  expect(render('0123456').text).toContain('0123 456')
})

test('times are said in words', () => {
  const notes = (expiresIn: number) =>
    mailTexts({ type: 'code', to, code: '012345', expiresIn }, { app: 'Notes' }).notes
  expect(notes(600)?.[0]).toContain('10 minutes')
  expect(notes(60)?.[0]).toContain('one minute')
  expect(notes(30)?.[0]).toContain('one minute')
})

test('E07 what goes into a mail is text, whatever it is made of', () => {
  const evil = `<a href="https://evil.example">Click</a> & 'more'\r\nBcc: evil@evil.example`
  const mail: MailText = {
    subject: evil,
    paragraphs: [evil],
    code: evil,
    button: { label: evil, url: 'https://a.example/"><b>' },
    notes: [evil],
  }
  const { subject, html } = renderMail(mail, { lang: '"><script>' })
  expect(subject).not.toMatch(/[\r\n]/)
  expect(html).not.toContain('<a href="https://evil.example"')
  expect(html).not.toMatch(/<b>|<script/)
})

test.each([
  [
    'a link that isn’t one',
    () => renderMail({ subject: 'x', paragraphs: [], button: { label: 'x', url: 'javascript:alert(1)' } }),
  ],
  [
    'a colour that is a style',
    () => renderMail({ subject: 'x', paragraphs: [] }, { color: 'red;background:url(https://evil.example)' }),
  ],
])('%s is refused', (_, render) => {
  expect(render).toThrow(TypeError)
})

test('E07 nothing that somebody typed is in a mail', async () => {
  const { client, mailbox } = await open()
  const typed = 'evil-text-42'
  const [ann, email] = [client('cookie'), newAddress()]
  const headers = { 'x-forwarded-host': `${typed}.example`, 'user-agent': typed, referer: `https://${typed}.example` }
  const more = { name: typed, subject: typed, text: typed, from: `${typed}@example.com`, cc: `${typed}@example.com` }
  await receiveCode(ann, mailbox, email, more)
  await receiveLink(ann, mailbox, email, { ...more, redirectTo: `/${typed}` })
  await ann.fetch('/auth/signin/email-code', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ email, ...more }),
  })
  await receiveCode(ann, mailbox, email)
  await mailbox.settle()
  expect(JSON.stringify(mailbox.sent)).not.toContain(typed)
})
