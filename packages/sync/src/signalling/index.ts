export {
  maxOfferBytes,
  maxOfferType,
  type OpenedOffer,
  type OpenOfferFault,
  type OpenOfferPorts,
  openOffer,
  type SealedOffer,
  type SealOfferFault,
  type SealOfferPorts,
  sealOffer,
} from './offer.ts'
export { createOfferWindow, type OfferNews, type OfferWindow, offerLifeMs } from './offer-window.ts'
export {
  createSignalHub,
  type SignalHub,
  type SignalHubPorts,
  type SignalPort,
  type SignalSession,
} from './signal-hub.ts'
export {
  type Attempted,
  createSignals,
  isSignal,
  type Signals,
  type SignalsPorts,
  type Visibility,
} from './signals.ts'
