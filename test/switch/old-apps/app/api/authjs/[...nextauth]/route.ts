import { handlers } from '../../../../lib/v5'

export const { GET, POST } = handlers
