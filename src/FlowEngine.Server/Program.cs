using FlowEngine.Server.Cli;

return await CommandLine.InvokeAsync(args);
