using System.Runtime.InteropServices;
using FlowEngine.Bench.Faults;

// faults           breaks real servers under load, and looks at what became of each login; see ../README.md
// faults --help    says what can be chosen
// The API inside would take these for itself.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
return args.Contains("--help") ? Settings.WriteHelp(Console.Out) : await Field.RunAsync(Settings.Parse(args));
