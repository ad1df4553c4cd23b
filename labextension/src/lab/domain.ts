/** The name under which language packs find the strings of this extension. */
export const DOMAIN = 'qwen-magics';
