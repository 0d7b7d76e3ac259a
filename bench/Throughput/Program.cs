using FlowEngine.Bench.Throughput;

// throughput            compares the contenders, see ../README.md
// throughput upstream   is the profile API that they call, in a process of its own
return args is ["upstream", var url] ? await Upstream.RunAsync(url) : await Comparison.RunAsync(Settings.Parse(args));
