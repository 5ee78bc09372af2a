import { type Connection, type PostOptions, type PostResult, post, tryToConnect } from "./attempt";
import { serve } from "./serve";
import { type Figures, Repeater, type Watched } from "./watch";

/** What a client does when told to; runs in the client's namespace. */
const watches = new Map<number, Repeater>();
let last = 0;

function watch(id: number): Repeater {
  const found = watches.get(id);
  if (found === undefined) {
    throw new Error(`there is no watch ${String(id)}`);
  }
  return found;
}

const methods = {
  connect: async (to: {
    host: string;
    port: number;
    timeoutMs: number;
    from: number | undefined;
  }): Promise<Connection> => tryToConnect(to.host, to.port, to.timeoutMs, to.from),
  post: async (request: { url: string; options: PostOptions }): Promise<PostResult> =>
    post(request.url, request.options),
  watch: (what: Watched): number => {
    last += 1;
    watches.set(last, new Repeater(what));
    return last;
  },
  figures: (id: number): Figures => watch(id).figures(),
  stop: async (id: number): Promise<Figures> => {
    const figures = await watch(id).stop();
    watches.delete(id);
    return figures;
  },
};

export type ProberMethods = typeof methods;

serve(methods);
