/** What can be open beside the conversation. */
export type PanelName = 'record' | 'host' | 'chat' | 'hood';

/** The one panel beside the conversation: at most one thing is open in it. */
export class Panel {
  open: PanelName | undefined = $state();

  /** Opens it in the place of whatever was open, or closes it. */
  toggle(name: PanelName): void {
    this.open = this.open === name ? undefined : name;
  }

  close(): void {
    this.open = undefined;
  }
}
