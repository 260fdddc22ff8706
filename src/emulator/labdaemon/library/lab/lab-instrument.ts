import { PyError } from '../../python-error.ts'
import { StreamingInstrument } from '../instrument.ts'

/** A streaming instrument that must be open to stream, and stops when it is closed. */
export abstract class LabInstrument extends StreamingInstrument {
  override disconnect(): void {
    this.streaming.stop()
    super.disconnect()
  }

  /** Seconds of the lab's clock. */
  protected seconds(): number {
    return this.host.timers.now() / 1_000
  }

  protected override checkReady(): void {
    if (!this.isConnected()) throw new PyError('DeviceNotConnectedError', `${this.id} is not connected`)
  }
}
