import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'
import { auth, client, isForEverybody, queryClient, SessionProvider } from './trpc.ts'

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no #app')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionProvider auth={auth} client={client} queryClient={queryClient} keep={isForEverybody}>
        <App />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
