/** The header of a file handed over as a download: the type that its host gave it. */
export const FILE_TYPE = 'weir-file-type'
