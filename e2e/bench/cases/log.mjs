export const logCases = () => []
