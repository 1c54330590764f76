/** The version that a kernel's widget asks for: that of the package, which a test holds the three places to. */
export const VERSION = '0.1.0';

export const MODULE = '@mvlake/lab';
