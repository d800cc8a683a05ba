export declare function hasTotp(userId: string): Promise<boolean>
export declare function isRightCode(userId: string, code: string): Promise<boolean>
