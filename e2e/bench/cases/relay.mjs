export const relayCases = () => []
