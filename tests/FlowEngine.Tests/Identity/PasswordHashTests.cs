using System.Diagnostics;
using FlowEngine.Identity;

namespace FlowEngine.Tests.Identity;

[Trait("Category", "slow")]
[Collection(Alone.Name)]
public sealed class PasswordHashTests
{
    /// <summary>Argon2: the test file of the reference implementation. bcrypt: jBCrypt's and
    /// OpenBSD's vectors. Identity: made by another PBKDF2 (Python's hashlib).</summary>
    public static TheoryData<string, string> Known { get; } =
        new()
        {
            { "password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc" },
            { "password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" },
            { "password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc" },
            { "a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe" },
            { "abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
            { "abc", "$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
            { "abc", "$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
            { "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" },
            { "correct horse é", "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9tU81JvBoF52JRfNK0xVDHE0Vn9mr6NPNt9F0r2xxy8g==" },
            { "correct horse é", "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg8oSurfD3+UYqbQ/rmXWAfXrCYoEJUW0G410xkFrMjI4g==" },
            { "correct horse é", "AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8VptKHmFwPNK/cFfTBpr9t+eVMT4bYuZIXdHG44IDK+w==" },
        };

    public static TheoryData<string> Unusable { get; } =
        new()
        {
            "plain text",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$1$salt$hash",
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=2097152,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=262144,t=16,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=1000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=255$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=4,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=-2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf4",
            "$argon2id$v=19$m=256,t=2,p=1$!!$!!",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
            "$argon2id$" + new string('x', 10_000),
            "$2a$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
            "$2a$16$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
            "$2a$03$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
            "$2x$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
            "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0",
            "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0!",
            "$2a$",
            "$2",
            "AQAAAAIAAYagAAAAEA==",
            "AQ==",
            "AAAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8VptKHmFwPNK/cFfTBpr9t+eVMT4bYuZIXdHG44IDK+w==",
            Blob(2, uint.MaxValue, 16, 48),
            Blob(2, 3_000_000, 16, 48),
            Blob(2, 0, 16, 48),
            Blob(7, 1000, 16, 48),
            Blob(2, 1000, uint.MaxValue, 48),
            Blob(2, 1000, 40, 48),
            Blob(2, 1000, 8, 48),
            Convert.ToBase64String(new byte[4000]),
        };

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Verify_KnownAnswer_MatchesOnlyThatPassword(string password, string hash)
    {
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify(password, hash));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify(password + "x", hash));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify(password[..^1] + "X", hash));
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Verify_UnknownFormatOrTooMuchWork_IsUnusableAndQuick(string hash)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(PasswordMatch.Unusable, PasswordHash.Verify("abc", hash));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("p")]
    [InlineData("pässwörd 😀")]
    [InlineData(" ")]
    public async Task Create_ThenVerify_Matches(string password)
    {
        var hash = PasswordHash.Create(password);
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash);
        Assert.NotEqual(hash, PasswordHash.Create(password));
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify(password, hash));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify(password + "x", hash));
    }

    [Fact]
    public async Task Empty_PasswordOrHash_NeverMatches()
    {
        Assert.Throws<ArgumentException>(() => PasswordHash.Create(""));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify("", ""));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify("x", ""));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify("", PasswordHash.Create("x")));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify("", BCrypt.Net.BCrypt.HashPassword("", 4)));
    }

    [Fact]
    public async Task Verify_Bcrypt_UsesTheFirst72Bytes()
    {
        var hash = BCrypt.Net.BCrypt.HashPassword(new string('x', 72), 4);
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify(new string('x', 100), hash));
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify(new string('x', 71), hash));
    }

    [Fact]
    public void Verify_SeveralLanes_WorksOnTheCallersThread()
    {
        const string hash = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify("password", hash));
        // The memory that the hash asks for was taken by this thread, and not by one of the pool on its behalf.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 256 * 1024, long.MaxValue);
    }

    /// <summary>Told by the work and by the memory that it takes, not by a
    /// clock: what a hash costs is memory, passes over it, and lanes.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    public void Verify_MissingHash_DoesTheWorkOfARealOne(string missing)
    {
        var hash = PasswordHash.Create("right");
        Assert.Equal(PasswordHash.WorkOf(hash), PasswordHash.WorkOf(Argon2Hash.Decoy));

        var real = AllocatedBy(hash);

        Assert.InRange(real, 19_456 * 1024, long.MaxValue);
        Assert.InRange(AllocatedBy(missing), real * 0.99, real * 1.01);
    }

    /// <summary>A name that nobody has costs what the dearest of people's hashes costs, once one was compared with.</summary>
    [Fact]
    public void Dearest_IsWhatWasDearest_WhateverCameInBetween()
    {
        var dearest = new DearestPasswordWork();
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", dearest.Decoy);
        foreach (
            var (hash, decoy) in (ReadOnlySpan<(string, string)>)
                [
                    ("$2a$04$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "$2a$04$......"),
                    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "$2a$04$......"),
                    (Blob(2, 100_000, 16, 48), "AQAAAAIAAYagAAAAEAAAAA"),
                    ("$2b$12$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "$2b$12$......"),
                    (PasswordHash.Create("x"), "$2b$12$......"),
                ]
        )
        {
            dearest.Remember(PasswordHash.WorkOf(hash)!);
            Assert.StartsWith(decoy, dearest.Decoy);
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void WorkOf_AHash_IsOneOfTheSameCost_AndHoldsNothingOfIt(string password, string hash)
    {
        var work = PasswordHash.WorkOf(hash)!;
        var again = PasswordHash.WorkOf(work.Decoy)!;
        Assert.Equal(work, again);
        Assert.InRange(work.Nanoseconds, 1, 5e9);
        Assert.Equal(PasswordMatch.No, PasswordHash.Verify(password, work.Decoy));
        Assert.Equal(
            0,
            new[] { 22, 30, hash.Length - 12 }.Count(at =>
                work.Decoy.Contains(hash.Substring(at, 10), StringComparison.Ordinal)
                && !hash.StartsWith("$argon2id$", StringComparison.Ordinal)
            )
        );
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void WorkOf_WhatCannotBeUsed_IsNone(string hash) => Assert.Null(PasswordHash.WorkOf(hash));

    [Theory]
    [InlineData("wrong", "")]
    [InlineData("wrong", "plain")]
    [InlineData("", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    public void Verify_WithoutAHash_TakesTheDecoysWork(string password, string hash)
    {
        // Argon2id takes its memory, so that what was worked on can be told without a clock.
        const string decoy = "$argon2id$v=19$m=65536,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotEqual(PasswordMatch.Yes, PasswordHash.Verify(password, hash, decoy));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 65_536 * 1024, long.MaxValue);
    }

    private static long AllocatedBy(string hash)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotEqual(PasswordMatch.Yes, PasswordHash.Verify("wrong", hash));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Blob(uint function, uint iterations, uint salt, int rest)
    {
        var blob = new byte[13 + rest];
        blob[0] = 1;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(1), function);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(5), iterations);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(9), salt);
        return Convert.ToBase64String(blob);
    }
}
