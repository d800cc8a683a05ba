export default {
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'kysely', '@auth/kysely-adapter'],
  // It is built once.
  experimental: { turbopackFileSystemCacheForBuild: false },
}
