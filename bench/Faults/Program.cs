using FlowEngine.Bench.Faults;

// faults           breaks real servers under load, and looks at what became of each login; see ../README.md
// faults --help    says what can be chosen
return args.Contains("--help") ? Settings.WriteHelp(Console.Out) : await Field.RunAsync(Settings.Parse(args));
