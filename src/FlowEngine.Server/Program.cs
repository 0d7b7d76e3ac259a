using FlowEngine.Server.Cli;
using FlowEngine.Server.Cli.Keys;
using FlowEngine.Server.Cli.Run;
using FlowEngine.Server.Cli.Users;

return await CommandLine.InvokeAsync(
    args,
    new ServeCommand(),
    new HealthCommand(),
    new DemoCommand(),
    new KeysCommand(),
    new UsersCommand(),
    new RunCommand(),
    new ValidateCommand(),
    new TestCommand(),
    new ConnectorCommand(),
    new ImportCommand(),
    new ExportCommand(),
    new SchemaCommand()
);
