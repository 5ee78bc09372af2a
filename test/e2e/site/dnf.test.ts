import { image } from "../../support/image";
import type { Host, Lab } from "../../support/lab";
import { describeLab } from "../../support/prepare";
import { ADDRESSES } from "../../support/samples";
import { aptInstall } from "../packages";
import { makeWorld, must, type World } from "../world";
import { expectStands } from "./sources";

// The distribution's nginx made into an RPM package, since Debian has none: the unit below /usr/lib, and neither started
// nor enabled by its installation, as in Red Hat's.
const SPEC = `Name: nginx
Version: 1.22.1
Release: 1
Summary: nginx
License: BSD
AutoReqProv: no
%description
nginx
%install
dpkg-deb -x /root/rpm/nginx.deb %{buildroot}
dpkg-deb -x /root/rpm/nginx-common.deb %{buildroot}
rm -rf %{buildroot}/etc/init.d %{buildroot}/etc/nginx/sites-enabled %{buildroot}/usr/share/doc
mkdir -p %{buildroot}/usr/lib/systemd %{buildroot}/etc/nginx/sites-enabled
cp -r %{buildroot}/lib/systemd/. %{buildroot}/usr/lib/systemd/
rm -rf %{buildroot}/lib
(cd %{buildroot} && find . -type f -o -type l) | sed 's|^\\.||' >/root/rpm/files
%files -f /root/rpm/files
%dir /etc/nginx/sites-enabled
`;

const MAKE_REPOSITORY = `
set -eu
cd /root/rpm
apt-get -q download nginx nginx-common
mv nginx_*.deb nginx.deb && mv nginx-common_*.deb nginx-common.deb
rpmbuild -bb --define '_topdir /root/rpm' --define '_rpmdir /srv/rpm' nginx.spec
mkdir -p /var/lib/nginx /var/log/nginx
createrepo_c /srv/rpm
printf '[local]\\nname=local\\nbaseurl=file:///srv/rpm\\ngpgcheck=0\\n' >/etc/yum.repos.d/local.repo
rm -f /usr/bin/apt-get /usr/bin/apt
`;

/** A Debian host whose package manager is dnf, with nginx in a repository of RPM packages. */
async function makeDnfHost(lab: Lab, host: Host): Promise<void> {
  const { dnf } = await image("bookworm", () => undefined);
  await lab.mirror.offer("dnf", dnf);
  await host.mustExec(
    `echo 'deb [trusted=yes] http://${lab.mirror.address}/dnf ./' >>/etc/apt/sources.list; mkdir -p /root/rpm /etc/yum.repos.d`,
  );
  await aptInstall(host, "dnf", "createrepo-c", "rpm");
  await host.write("/root/rpm/nginx.spec", SPEC);
  await host.mustExec(MAKE_REPOSITORY, { timeoutMs: 300_000 });
}

describeLab("a host whose package manager is dnf", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
    await makeDnfHost(world.lab, world.host);
  });
  afterAll(() => world.stop());

  it("has nginx installed by dnf, serves, also after a reboot, takes a change, and is left alone in the end", async () => {
    const { host, stack } = world;
    const served = () => expectStands(world, "none");
    await must(stack.up());
    expect((await host.mustExec("rpm -q nginx")).trim()).toBe("nginx-1.22.1-1.x86_64");
    await served();
    expect((await must(stack.up())).steps).toEqual([]);
    await host.reboot();
    await served();
    stack.change({ allow: { [ADDRESSES.listed]: "ACME", "203.0.113.54": "ACME third site" } });
    await must(stack.up());
    await served();
    await must(stack.destroy());
    expect((await host.exec("ss -ltnH | grep -E ':(80|8864) '")).stdout).toBe("");
  });

  it("is told what dnf says where its repository is down", async () => {
    const { host, stack } = world;
    await host.mustExec("dnf -q -y remove nginx && rm -rf /srv/rpm /var/cache/dnf");
    const { exitCode, all } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(all).toContain("E_PACKAGES");
    expect(all).toContain("Unable to find a match: nginx");
  });
});
