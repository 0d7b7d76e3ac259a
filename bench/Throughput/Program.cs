using FlowEngine.Bench.Throughput;

// throughput            compares the contenders, see ../README.md
// throughput soak       signs in a number of people and watches the server's memory
// throughput upstream   is the profile API that they call, in a process of its own
return args switch
{
    ["upstream", var url] => await Upstream.RunAsync(url),
    ["soak", .. var rest] => await Soak.RunAsync(SoakSettings.Parse(rest)),
    _ => await Comparison.RunAsync(Settings.Parse(args)),
};
