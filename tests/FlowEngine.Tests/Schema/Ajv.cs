using System.Diagnostics;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Tests.Schema;

/// <summary>The validator of tests/schema-check: npm's ajv, run through node.</summary>
internal static class Ajv
{
    /// <summary>What the validator says of each document: empty for one that fits.</summary>
    public static FlowValue Validate(string schema, params (string Name, FlowValue Document)[] documents)
    {
        var folder = Folder();
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "ajv")), $"Run \"npm ci\" in {folder} first; ./test.sh does.");

        var named = new FlowObjectBuilder();
        foreach (var (name, document) in documents)
            named.Set(name, document);
        var input = new FlowObjectBuilder();
        input.Set("schema", FlowValue.Parse(schema));
        input.Set("documents", FlowValue.From(named.Build()));

        var start = new ProcessStartInfo("node", ["check.js"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        node.StandardInput.Write(FlowValue.From(input.Build()).ToJson());
        node.StandardInput.Close();
        var output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors.GetAwaiter().GetResult());
        return FlowValue.Parse(output);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FlowEngine.slnx")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "tests", "schema-check");
    }
}
