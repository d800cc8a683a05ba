import NextAuth from 'next-auth'
import { options } from '../../../lib/v4'

export default NextAuth(options)
