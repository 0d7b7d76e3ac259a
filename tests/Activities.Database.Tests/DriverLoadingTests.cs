using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using FlowEngine.Context;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests;

/// <summary>That a driver is loaded only when its engine is used: startup time is everybody's.</summary>
public sealed class DriverLoadingTests
{
    private static readonly string[] Drivers = ["Npgsql", "Microsoft.Data.Sqlite", "MySqlConnector", "Microsoft.Data.SqlClient"];

    [Fact]
    public async Task Run_OneEngine_LoadsItsDriverAlone()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("flowengine-sqlite-").FullName, "x.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
            await connection.OpenAsync();

        var fresh = new FreshAssemblies();
        var probe = fresh.LoadFromAssemblyName(typeof(DriverLoadingTests).Assembly.GetName()).GetType(typeof(Probe).FullName!)!;
        Assert.NotEqual(typeof(Probe), probe);
        await (Task)probe.GetMethod(nameof(Probe.CompileAllAsync))!.Invoke(null, null)!;
        Assert.Empty(fresh.Assemblies.Select(assembly => assembly.GetName().Name).Intersect(Drivers));

        await (Task)probe.GetMethod(nameof(Probe.QuerySqliteAsync))!.Invoke(null, [file])!;
        Assert.Equal(["Microsoft.Data.Sqlite"], fresh.Assemblies.Select(assembly => assembly.GetName().Name).Intersect(Drivers));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>What runs among the fresh assemblies.</summary>
    public static class Probe
    {
        public static async Task CompileAllAsync()
        {
            foreach (var engine in (string[])["postgres", "mysql", "sqlserver"])
            {
                await using var flow = new DatabaseFlow($$"""{ "engine": "{{engine}}", "host": "h", "database": "d", "username": "u" }""");
                if (flow.Compile("select {{client.x}}").Plan is null)
                    throw new InvalidOperationException(engine);
            }
            await using var sqlite = new DatabaseFlow("""{ "engine": "sqlite", "file": "x.db" }""");
            if (sqlite.Compile("select {{client.x}}").Plan is null)
                throw new InvalidOperationException("sqlite");
        }

        public static async Task QuerySqliteAsync(string file)
        {
            await using var flow = new DatabaseFlow($$"""{ "engine": "sqlite", "file": {{FlowValue.From(file).ToJson()}} }""");
            if (await flow.RowsAsync("select {{client.x}} as x", """{ "x": 1 }""") != """[{"x":1}]""")
                throw new InvalidOperationException("No rows.");
        }
    }

    /// <summary>Loads this folder's assemblies once more, so that one sees which of them are asked for.</summary>
    private sealed class FreshAssemblies : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            var file = Directory
                .EnumerateFiles(AppContext.BaseDirectory, $"*{unmanagedDllName}.*", SearchOption.AllDirectories)
                .FirstOrDefault(path => path.Contains(RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal));
            return file is null ? 0 : LoadUnmanagedDllFromPath(file);
        }
    }
}
