import type { types } from "@pulumi/command";
import type { Login, LoginSecrets } from "../config/types";

/**
 * The provider's connection for one login. The host key is always set: without it the provider accepts any.
 *
 * With a password there is one dial: each dial tries it twice (password, keyboard-interactive), and hardened hosts
 * lock the account at three to five failures. With a key or an agent two more dials ride out a passing fault.
 */
export function renderConnection(
  login: Login,
  secrets: LoginSecrets,
): types.input.remote.ProxyConnectionArgs & types.input.remote.ConnectionArgs {
  return {
    host: login.address,
    port: login.port,
    user: login.user,
    hostKey: login.hostKey,
    dialErrorLimit: login.auth === "password" ? 0 : 2,
    perDialTimeout: 15,
    ...(login.auth === "key" && secrets.privateKey !== undefined ? { privateKey: secrets.privateKey } : {}),
    ...(login.auth === "password" && secrets.password !== undefined ? { password: secrets.password } : {}),
  };
}
