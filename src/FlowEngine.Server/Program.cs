using FlowEngine.Server.Cli;
using FlowEngine.Server.Cli.Run;

return await CommandLine.InvokeAsync(
    args,
    new ServeCommand(),
    new HealthCommand(),
    new DemoCommand(),
    new RunCommand(),
    new ValidateCommand(),
    new TestCommand(),
    new ConnectorCommand(),
    new ImportCommand(),
    new ExportCommand(),
    new SchemaCommand());
