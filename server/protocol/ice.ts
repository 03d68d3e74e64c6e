/** A relay (TURN) and the credentials that admit to it, as a browser's RTCPeerConnection takes it. */
export interface IceServer {
  /** Ways to the one relay, such as turn:relay.example:3478?transport=udp. */
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}
