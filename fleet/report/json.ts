/** The format of whatever `lqpt` prints for programs; another number is another format. */
export const JSON_FORMAT = 1;
