/** What a provider returns of a person, in the shape that its Auth.js provider expects; the values are made up. */
export interface Sample {
  /** What `profile` is called with. */
  readonly profile: unknown
  /** What its userinfo returns, if a function makes the profile of it. @default the profile */
  readonly body?: unknown
  /** What its token endpoint returns besides, or otherwise. */
  readonly tokens?: Readonly<Record<string, unknown>>
  /** More options for the provider. @param base where the stand-in of the provider is */
  readonly options?: (base: string) => object
}

const email = 'Ada@engine.example'
const image = 'https://engine.example/ada.png'
const name = 'Ada Lovelace'
const names = { first_name: 'Ada', last_name: 'Lovelace' }

/** The claims of OpenID Connect: what most have. */
const STANDARD: Sample = { profile: { sub: 'ada-1', name, email, picture: image, email_verified: true } }

/** Microsoft's profile functions fetch a picture from Microsoft. */
const withoutPhoto = {
  options: () => ({ profile: ({ sub, name, email }: Record<string, unknown>) => ({ id: sub, name, email }) }),
}
/** A request to a fixed address of the provider's. */
const atUserinfo = { options: (base: string) => ({ userinfo: `${base}/userinfo` }) }

const SAMPLES: Readonly<Record<string, Sample>> = {
  '42-school': { profile: { id: 42, usual_full_name: name, email, image: { link: image } } },
  atlassian: { profile: { account_id: 'ada-1', name, email, picture: image } },
  'azure-ad': { ...STANDARD, ...withoutPhoto },
  'azure-ad-b2c': { profile: { sub: 'ada-1', name, emails: [email] } },
  battlenet: { profile: { sub: 'ada-1', battle_tag: 'Ada#1815' } },
  bitbucket: {
    profile: { account_id: 'ada-1', display_name: name, username: 'ada', links: { avatar: { href: image } } },
  },
  box: { profile: { id: 'ada-1', name, login: email, avatar_url: image } },
  'boxyhq-saml': { profile: { id: 'ada-1', email, firstName: 'Ada', lastName: 'Lovelace' } },
  'click-up': { profile: { user: { id: 1815, username: name, profilePicture: image, color: '#fff' } } },
  coinbase: { profile: { data: { id: 'ada-1', name, email, avatar_url: image } } },
  concept2: { profile: { data: { id: 1815, username: 'ada', email, profile_image: image } } },
  discord: {
    profile: { id: '80351110224678912', username: 'ada', global_name: name, email, avatar: 'a_1f', discriminator: '0' },
  },
  dribbble: { profile: { id: 1815, name, email, avatar_url: image } },
  dropbox: { profile: { account_id: 'dbid:ada', name: { display_name: name }, email, profile_photo_url: image } },
  eventbrite: { profile: { id: 'ada-1', name, emails: [{ email, primary: true }], image_id: null } },
  eveonline: { profile: { CharacterID: 1815, CharacterName: name } },
  facebook: { profile: { id: 'ada-1', name, email, picture: { data: { url: image } } } },
  faceit: { profile: { guid: 'ada-1', name, email, picture: image } },
  figma: { profile: { id: 'ada-1', handle: name, email, img_url: image } },
  foursquare: {
    profile: {
      response: {
        user: {
          id: 'ada-1',
          firstName: 'Ada',
          lastName: 'Lovelace',
          contact: { email },
          photo: { prefix: 'https://engine.example/', suffix: '/ada.png' },
        },
      },
    },
  },
  freshbooks: { profile: { response: { id: 1815, ...names, email } } },
  github: { profile: { id: 1815, login: 'ada', name, email, avatar_url: image } },
  gitlab: { profile: { id: 1815, username: 'ada', name, email, avatar_url: image } },
  hubspot: { profile: { user_id: 1815, user: email } },
  instagram: { profile: { id: 'ada-1', username: 'ada' } },
  kakao: { profile: { id: 1815, kakao_account: { email, profile: { nickname: 'ada', profile_image_url: image } } } },
  mailchimp: { profile: { accountname: 'engine', login: { login_id: 1815, email } } },
  mailru: { profile: { id: 'ada-1', name, email, image } },
  mastodon: { profile: { id: 'ada-1', username: 'ada', avatar_static: image } },
  mattermost: { profile: { id: 'ada-1', username: 'ada', ...names, email } },
  medium: { profile: { data: { id: 'ada-1', name, imageUrl: image } } },
  'microsoft-entra-id': { ...STANDARD, ...withoutPhoto },
  naver: { profile: { response: { id: 'ada-1', nickname: 'ada', email, profile_image: image } } },
  netlify: { profile: { id: 'ada-1', full_name: name, email, avatar_url: image } },
  netsuite: { profile: { id: 1815, name, email } },
  nextcloud: {
    profile: { id: 'ada', displayname: name, email },
    body: { ocs: { data: { id: 'ada', displayname: name, email } } },
    tokens: { user_id: 'ada' },
  },
  notion: { profile: { id: 'ada-1', name, person: { email }, avatar_url: image }, ...atUserinfo },
  osu: { profile: { id: 1815, username: 'ada', avatar_url: image } },
  patreon: { profile: { data: { id: 'ada-1', attributes: { full_name: name, email, image_url: image } } } },
  pinterest: { profile: { username: 'ada', profile_image: image } },
  pipedrive: { profile: { data: { id: 1815, name, email, icon_url: image } } },
  reddit: { profile: { id: 'ada-1', name: 'ada' } },
  simplelogin: { profile: { sub: 'ada-1', name, email, avatar_url: image } },
  spotify: { profile: { id: 'ada', display_name: name, email, images: [{ url: image }] } },
  strava: { profile: { id: 1815, firstname: 'Ada', lastname: 'Lovelace', profile: image } },
  threads: { profile: { data: { id: 'ada-1', username: 'ada', threads_profile_picture_url: image } } },
  tiktok: {
    profile: { data: { user: { open_id: 'ada-1', display_name: 'ada', avatar_url: image } } },
    // Its request hook looks for the slash.
    options: (base) => ({ token: { url: `${base}/token/` } }),
  },
  todoist: { profile: { id: 'ada-1', email, full_name: name, avatar_big: image }, ...atUserinfo },
  trakt: { profile: { ids: { slug: 'ada' }, name, images: { avatar: { full: image } } } },
  twitch: { ...STANDARD, tokens: { scope: ['openid', 'user:read:email'] } },
  twitter: { profile: { data: { id: '1815', name, username: 'ada', profile_image_url: image } } },
  vk: {
    profile: { id: 1815, ...names, photo_100: image, email },
    body: { response: [{ id: 1815, ...names, photo_100: image }] },
    tokens: { email },
  },
  webex: { profile: { id: 'ada-1', emails: [email], displayName: name, avatar: image } },
  wechat: {
    profile: { unionid: 'ada-1', nickname: 'ada', headimgurl: image },
    tokens: { token_type: undefined, openid: 'ada-in-this-app' },
  },
  wikimedia: { profile: { sub: '1815', username: 'ada', email } },
  wordpress: { profile: { ID: 1815, display_name: name, email, avatar_URL: image } },
  workos: { profile: { id: 'ada-1', ...names, email, raw_attributes: { picture: image } } },
  yandex: {
    profile: {
      id: 'ada-1',
      display_name: name,
      default_email: email,
      default_avatar_id: '1/ada',
      is_avatar_empty: false,
    },
  },
  zoho: { profile: { ZUID: 1815, First_Name: 'Ada', Last_Name: 'Lovelace', Email: email } },
  zoom: { profile: { id: 'ada-1', ...names, email, pic_url: image } },
}

export function sampleOf(file: string): Sample {
  return SAMPLES[file] ?? STANDARD
}
