/** The errno numbers that famfs kernels answer with (Linux, generic numbering). facts: wire 0.3 */
/** Operation not permitted. */
export const EPERM = 1
/** No such file. */
export const ENOENT = 2
/** Input/output error. */
export const EIO = 5
/** No such device or address. */
export const ENXIO = 6
/** Argument list too long. */
export const E2BIG = 7
/** Bad file number. */
export const EBADF = 9
/** Try again. */
export const EAGAIN = 11
/** Out of memory. */
export const ENOMEM = 12
/** Permission denied. */
export const EACCES = 13
/** Bad address. */
export const EFAULT = 14
/** Device or resource busy. */
export const EBUSY = 16
/** File exists. */
export const EEXIST = 17
/** No such device. */
export const ENODEV = 19
/** Not a directory. */
export const ENOTDIR = 20
/** Is a directory. */
export const EISDIR = 21
/** Invalid argument. */
export const EINVAL = 22
/** No such ioctl. */
export const ENOTTY = 25
/** File too large. */
export const EFBIG = 27
/** No space left. */
export const ENOSPC = 28
/** Out of range. */
export const ERANGE = 34
/** File name too long. */
export const ENAMETOOLONG = 36
/** Not implemented. */
export const ENOSYS = 38
/** Directory not empty. */
export const ENOTEMPTY = 39
/** Too many levels. */
export const ELOOP = 40
/** Not supported. */
export const EOPNOTSUPP = 95
/** Transport endpoint is not connected. */
export const ENOTCONN = 107
/** Already in progress. */
export const EALREADY = 114
/** Memory page has a hardware error. */
export const EHWPOISON = 133
