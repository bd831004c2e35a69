// k6/experimental/fs: what scripts see of it.
import { open, SeekMode } from 'internal:fs/file';

export { open, SeekMode };
export default { open, SeekMode };
