using FlowEngine.Bench.Abuse;
using FlowEngine.Bench.Throughput;

// abuse                                     attacks a server, see ../README.md
// abuse upstream URL                        is the people API, in a process of its own
// abuse attack NAME URL ADDRESS SECONDS N   is the attacker, in a process of its own
return args switch
{
    ["upstream", var url] => await Upstream.RunAsync(url),
    ["attack", var name, var url, var address, var seconds, var most] => await Attacker.RunAsync(name, url, address, seconds, most),
    _ => await Siege.RunAsync(Settings.Parse(args)),
};
