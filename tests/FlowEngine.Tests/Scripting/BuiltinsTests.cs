using FlowEngine.Scripting;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;

namespace FlowEngine.Tests.Scripting;

/// <summary>Every built-in that Jint has is in a list: nobody can forget to think about what it costs.</summary>
public sealed class BuiltinsTests
{
    [Fact]
    public void Realm_EveryFunction_IsAMemberOfAKnownHolder()
    {
        var engine = new Engine();
        var holders = Builtins.Holders.ToDictionary(
            holder => (object)holder.Value(engine),
            holder => holder.Key,
            ReferenceEqualityComparer.Instance
        );
        var unknown = new List<string>();
        foreach (var (path, holder, key) in Walk(engine))
        {
            if (!holders.ContainsKey(holder))
                unknown.Add($"{path}: {key}");
        }
        Assert.Empty(unknown);
    }

    [Fact]
    public void Realm_EveryMember_IsListedOrTakenAway()
    {
        var engine = new Engine();
        var removed = Builtins.RemovedMembers.Select(member => $"{member.HolderName}.{member.Key}").ToHashSet();
        Assert.All(
            Builtins.Holders,
            holder =>
                Assert.All(
                    Builtins.Names(holder.Value(engine)),
                    name =>
                        Assert.True(
                            Builtins.IsListed(holder.Key, name)
                                || removed.Contains($"{holder.Key}.{name}")
                                || Builtins.RemovedGlobals.Contains(name),
                            $"{holder.Key}.{name}"
                        )
                )
        );
    }

    /// <summary>A new Jint with a new built-in changes this list: look at what
    /// it costs, then list it in <see cref="Builtins"/> or here.</summary>
    [Fact]
    public void RemovedMembers_AreTheOnesThatWereLookedAt()
    {
        const string expected = """
            %AsyncIterator%.@toStringTag %AsyncIterator%.constructor %AsyncIterator%.drop %AsyncIterator%.every %AsyncIterator%.filter %AsyncIterator%.find
            %AsyncIterator%.flatMap %AsyncIterator%.forEach %AsyncIterator%.map %AsyncIterator%.reduce %AsyncIterator%.some %AsyncIterator%.take
            %AsyncIterator%.toArray Array.fromAsync Date.prototype.toTemporalInstant Iterator.concat Iterator.prototype.chunks Iterator.prototype.includes
            Iterator.prototype.join Iterator.prototype.windows Iterator.zip Iterator.zipKeyed JSON.isRawJSON JSON.rawJSON Promise.allKeyed
            Promise.allSettledKeyed RegExp.$& RegExp.$' RegExp.$+ RegExp.$1 RegExp.$2 RegExp.$3 RegExp.$4 RegExp.$5 RegExp.$6 RegExp.$7 RegExp.$8 RegExp.$9
            RegExp.$_ RegExp.$` RegExp.input RegExp.lastMatch RegExp.lastParen RegExp.leftContext RegExp.prototype.compile RegExp.rightContext
            """;
        Assert.Equal(
            expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Builtins.RemovedMembers.Select(member => $"{member.HolderName}.{member.Key}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void RemovedGlobals_AreTheOnesThatWereLookedAt()
    {
        const string expected = """
            ArrayBuffer AsyncIterator Atomics BigInt BigInt64Array BigUint64Array DataView FinalizationRegistry Float16Array
            Float32Array Float64Array Generator Int16Array Int32Array Int8Array Intl Proxy ShadowRealm SharedArrayBuffer Temporal
            TypedArray Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakRef eval
            """;
        Assert.Equal(
            expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Builtins.RemovedGlobals.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Lists_NameOnlyWhatJintHas()
    {
        var engine = new Engine();
        Assert.All(
            Builtins.Free,
            free =>
                Assert.All(
                    free.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
                    name =>
                        Assert.True(
                            free.Key == "global" || Builtins.Names(Builtins.Holders[free.Key](engine)).Contains(name),
                            $"{free.Key}.{name}"
                        )
                )
        );
        Assert.All(Builtins.Guarded, guard => Assert.Contains(guard.Key, Builtins.Names(guard.Holder(engine))));
    }

    private static IEnumerable<(string Path, ObjectInstance Holder, string Key)> Walk(Engine engine)
    {
        // What syntax makes without a name: its prototypes hang from no global.
        string[] expressions =
        [
            "globalThis",
            "(function* () {})",
            "(async function* () {})",
            "(async function () {})",
            "(function* () {})()",
            "(async function* () {})()",
            "[][Symbol.iterator]()",
            "''[Symbol.iterator]()",
            "new Map().entries()",
            "new Set().values()",
            "'a'.matchAll(/a/g)",
            "[].values().map(x => x)",
            "Iterator.from({ next() {} })",
            "/a/d.exec('a')",
            "[(x => x)`a`]",
            "new Error('x')",
            "new Date()",
            "Symbol('x')",
            "(async () => {})()",
        ];
        var pending = new Queue<(string Path, ObjectInstance Object)>();
        foreach (var expression in expressions)
        {
            if (engine.Evaluate(expression) is ObjectInstance made)
                pending.Enqueue((expression, made));
        }
        var removed = Builtins.RemovedGlobals.ToHashSet();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (pending.TryDequeue(out var item))
        {
            if (!seen.Add(item.Object))
                continue;
            if (item.Object.Prototype is { } prototype)
                pending.Enqueue((item.Path + ".__proto__", prototype));
            foreach (var key in item.Object.GetOwnPropertyKeys())
            {
                if (ReferenceEquals(item.Object, engine.Global) && removed.Contains(key.ToString()))
                    continue;
                var property = item.Object.GetOwnProperty(key);
                foreach (
                    var value in new[] { property.Get, property.Set, property.Get is null && property.Set is null ? property.Value : null }
                )
                {
                    if (value is Function)
                        yield return (item.Path, item.Object, key.ToString());
                    if (value is ObjectInstance member)
                        pending.Enqueue(($"{item.Path}.{key}", member));
                }
            }
        }
    }
}
