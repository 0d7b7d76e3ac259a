using System.Globalization;
using FlowEngine.TestServers;
using MySqlConnector;

namespace FlowEngine.Database.Tests;

/// <summary>Per test run: a private MariaDB server of the binaries installed here.</summary>
public sealed class MariaDbFixture : IAsyncLifetime
{
    private const string Password = "flowengine-test";

    private readonly PrivateServer _server = new("mariadb", "mysql");

    public string ConnectionString =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)_server.Port,
            UserID = "flow",
            Password = Password,
            Database = "flows",
            AllowUserVariables = true,
        }.ConnectionString;

    public int Port => _server.Port;

    public string Configuration(string more = "") =>
        $$"""{ "engine": "mysql", "host": "127.0.0.1", "port": {{Port}}, "database": "flows", "username": "flow","""
        + $$""" "password": "{{Password}}"{{more}} }""";

    public async ValueTask InitializeAsync()
    {
        var server = PrivateServer.FindProgram("mariadbd", "/usr/sbin", "/usr/libexec");
        var install = PrivateServer.FindProgram("mariadb-install-db", "/usr/bin", "/usr/sbin");
        if (server is null || install is null)
            throw new InvalidOperationException(
                "MariaDB is not installed here (Debian's package is mariadb-server); ./test.sh installs it."
            );

        var data = Path.Combine(_server.Folder, "data");
        var init = _server.Write(
            "init.sql",
            "create database if not exists flows character set utf8mb4;\ncreate user if not "
                + $"exists flow@'%' identified by '{Password}';\ngrant all on *.* to flow@'%';\n"
        );
        await _server.RunAsync(install, "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db");
        await _server.StartAsync(
            () => ExecuteAsync("select 1"),
            server,
            "--no-defaults",
            $"--datadir={data}",
            $"--port={_server.Port.ToString(CultureInfo.InvariantCulture)}",
            "--bind-address=127.0.0.1",
            $"--socket={_server.Folder}/s.sock",
            $"--pid-file={_server.Folder}/server.pid",
            $"--init-file={init}",
            "--skip-log-bin",
            "--innodb-buffer-pool-size=16M",
            "--default-time-zone=+03:00"
        );
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
