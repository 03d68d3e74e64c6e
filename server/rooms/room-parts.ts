import type { Stamp } from '../protocol/events.ts';
import { Arrangement } from './arrangement.ts';
import { Attendance } from './attendance.ts';
import type { Scene } from './call-media.ts';
import { CaptionLog } from './captions.ts';
import { Chat } from './chat.ts';
import { Corrections } from './corrections.ts';
import { demand } from './demand.ts';
import { Gate } from './gate.ts';
import { Gestures } from './gestures.ts';
import { permitted } from './language-limits.ts';
import { Lobby } from './lobby.ts';
import { Minutes } from './minutes.ts';
import { News } from './news.ts';
import type { Peer } from './peer.ts';
import { Proceedings } from './proceedings.ts';
import type { RoomOptions } from './room-options.ts';
import { SpokenLanguages } from './spoken-languages.ts';
import { TranslationStates } from './translation-states.ts';

/** What the parts tell their room. */
export interface RoomHooks {
  readonly stamp: () => Stamp;
  /** Someone who was away has not come back in time. */
  readonly onGone: (peer: Peer) => void;
  /** The router died under the call. */
  readonly onRouterLost: () => void;
}

/** The parts of a room, each of which knows only those it needs. */
export interface RoomParts {
  readonly attendance: Attendance;
  readonly captions: CaptionLog;
  readonly states: TranslationStates;
  readonly minutes: Minutes;
  readonly lobby: Lobby;
  readonly gate: Gate;
  readonly news: News;
  readonly arrangement: Arrangement;
  readonly chat: Chat;
  readonly gestures: Gestures;
  readonly corrections: Corrections;
}

export function assemble(options: RoomOptions, hooks: RoomHooks): RoomParts {
  const { id, sfu, place, moderation, transcripts, chronicle, maxTracksPerPeer, log } = options;
  const { stamp, onGone, onRouterLost } = hooks;
  const media = () => place.media;
  const policy = () => moderation.policy;
  const minutes = new Minutes(id, transcripts);
  const captions = new CaptionLog(options, options.openedAt, options.past);
  const states = new TranslationStates();
  const { maxPeers, consentRequired, graceMs, maxWaiting, waitMs } = options;
  const attendance = new Attendance({ maxPeers, consentRequired, graceMs, stamp, onGone });
  const lobby = new Lobby({
    ...{ maxWaiting, waitMs, stamp },
    onChange: () => {
      news.waiting();
    },
  });
  const waiting = () => lobby.waiting;
  const news = new News({ attendance, captions, states, media, policy, waiting });
  const spoken = new SpokenLanguages({
    ...{ attendance, news },
    changed: () => {
      news.states();
      arrangement.update();
    },
  });
  const proceedings = new Proceedings({
    ...{ attendance, captions, states, minutes, news, spoken, chronicle },
  });
  const scene = (): Scene => {
    const peers = attendance.all;
    const needs = peers.map((peer) => peer.needs);
    return { peers, demand: demand(needs, permitted(media().engine, needs, policy().languages)) };
  };
  const arrangement = new Arrangement({
    ...{ roomId: id, sfu, media, scene, maxTracksPerPeer, log },
    listen: ({ peerId }) => proceedings.listenTo(peerId),
    onEnded: (speaker, gap) => {
      proceedings.ended(speaker, gap);
    },
    events: {
      onLost: onRouterLost,
      onLevels: (levels) => {
        news.levels(levels);
      },
    },
  });
  const gate = new Gate({ attendance, moderation, lobby, place });
  const { openedAt, past } = options;
  const chat = new Chat({
    ...{ attendance, media, policy, openedAt, past: past?.messages, chronicle, log },
  });
  const gestures = new Gestures(news);
  const corrections = new Corrections({
    ...{ captions, media, log, now: Date.now },
    speak: (peerId, speaker, texts) => arrangement.speak(peerId, speaker, texts),
    tell: (line) => {
      proceedings.corrected(line);
    },
  });
  const parts = { attendance, captions, states, minutes, lobby, gate, news, arrangement };
  return { ...parts, chat, gestures, corrections };
}
