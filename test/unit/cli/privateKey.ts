import { utils } from "ssh2";

/** A key that lets in nobody, and is one. */
export const { private: PRIVATE_KEY, public: PUBLIC_KEY } = utils.generateKeyPairSync("ed25519");
