export const Accounts = () => <p>Accounts</p>
