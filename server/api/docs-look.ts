/** The page at /docs follows the system between light and dark; its own switch is by hand alone. */
export const FOLLOW_SYSTEM = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
`;

export const DARK_STYLE = `
:root { color-scheme: light dark; }
.swagger-ui .scheme-container { display: flex; }
.swagger-ui .servers-title,
.swagger-ui .servers { display: none; }
`;
