using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using FlowEngine.Storage.Protection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Storage.Tests.Protection;

/// <summary>What a vault seals is what Data Protection would have sealed: it opens it, refuses what was changed, and follows its keys.</summary>
public sealed class VaultTests
{
    private const int KeyIdAt = 4;
    private const int ModifierAt = 20;
    private const int NonceAt = 36;
    private const int DataAt = 48;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_500)]
    [InlineData(1_000_000)]
    public void Seal_IsOpenedByDataProtection_AndTheOtherWayRound(int size)
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var plain = RandomNumberGenerator.GetBytes(size);

        var @sealed = vault.Seal(plain);

        Assert.Equal(plain, ring.ProtectorOf("test").Unprotect(@sealed));
        Assert.Equal(plain, vault.Open(@sealed));
        Assert.Equal(plain, vault.Open(ring.ProtectorOf("test").Protect(plain)));
        Assert.Equal("words", vault.Open(vault.Seal("words")));
    }

    [Fact]
    public void Seal_OnAnotherNode_IsOpenedHere()
    {
        var stored = new Elements();
        using var here = new Ring(stored);
        using var there = new Ring(stored);

        var @sealed = there.Vaults.Of("test").Seal("theirs"u8.ToArray());

        Assert.Equal("theirs"u8, here.Vaults.Of("test").Open(@sealed));
    }

    [Fact]
    public void Seal_AgainAndAgain_KeepsFewSubkeysAndNoNonceTwice()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");

        var all = ParallelEnumerable.Range(0, 10_000).Select(_ => vault.Seal("same"u8.ToArray())).ToList();

        Assert.InRange(all.Select(ModifierOf).Distinct().Count(), 1, Environment.ProcessorCount);
        Assert.Equal(all.Count, all.Select(one => Convert.ToHexString(one[NonceAt..DataAt])).Distinct().Count());
        Assert.All(all, one => Assert.Equal("same"u8, vault.Open(one)));
    }

    [Fact]
    public void Seal_AnHourLater_HasAnotherSubkey()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var before = ModifiersOf(vault);

        ring.Time.Advance(Subkey.Longest);

        Assert.Empty(before.Intersect(ModifiersOf(vault)));
    }

    [Fact]
    public void Subkey_ThatSealedAllItMay_IsSpent()
    {
        using var subkey = new Subkey(new byte[64], Guid.Empty, ["test"], TimeProvider.System, most: 2);

        subkey.Seal([1]);
        Assert.False(subkey.IsSpent);
        subkey.Seal([2]);

        Assert.True(subkey.IsSpent);
        // NIST SP 800-38D, 8.3: random nonces of 96 bits meet with less than 2^-32 up to 2^32 of them.
        Assert.InRange(Subkey.Most, 1, 1L << 32 >> 8);
    }

    [Fact]
    public void Seal_AfterTheRingHasANewKey_GoesOnWithItWithinAnHour_AndWhatWasSealedIsRead()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var before = vault.Seal("before"u8.ToArray());

        // Data Protection goes by the system's clock.
        var now = TimeProvider.System.GetUtcNow();
        var next = ring.Keys.CreateNewKey(now, now.AddDays(90));
        Assert.True(
            SpinWait.SpinUntil(() => KeyIdOf(ring.ProtectorOf("test").Protect([])) == next.KeyId, TimeSpan.FromSeconds(30)),
            "Data Protection reads its ring anew in the background."
        );
        ring.Time.Advance(Subkey.Longest);
        var after = vault.Seal("after"u8.ToArray());

        Assert.NotEqual(next.KeyId, KeyIdOf(before));
        Assert.Equal(next.KeyId, KeyIdOf(after));
        Assert.Equal("before"u8, vault.Open(before));
        Assert.Equal("after"u8, vault.Open(after));
    }

    [Fact]
    public void Seal_NewKeyIsNotThereYet_DoesNotWaitForIt()
    {
        using var ring = new Ring(load: false);
        var vault = ring.Vaults.Of("test");

        var first = vault.Seal("first"u8.ToArray());
        Assert.True(SpinWait.SpinUntil(() => ring.Vaults.FindKey(KeyIdOf(first)) is not null, TimeSpan.FromSeconds(30)));
        ring.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.InRange(ModifiersOf(vault).Count, 1, Environment.ProcessorCount);
        Assert.Equal("first"u8, vault.Open(first));
    }

    [Fact]
    public void Load_AKeyOfTheRingCannotBeRead_OthersAre()
    {
        var stored = new Elements();
        using (new Ring(stored))
        {
            var damaged = new XElement(stored.GetAllElements().Single());
            damaged.SetAttributeValue("id", "00000000-0000-0000-0000-000000000001");
            damaged.SetElementValue("activationDate", "2001-01-01T00:00:00Z");
            damaged.Element("descriptor")!.SetAttributeValue("deserializerType", "No.Such.Type, Nowhere");
            stored.StoreElement(damaged, "damaged");
        }

        using var ring = new Ring(stored);
        var vault = ring.Vaults.Of("test");

        Assert.InRange(ModifiersOf(vault).Count, 1, Environment.ProcessorCount);
        Assert.Equal("kept"u8, vault.Open(vault.Seal("kept"u8.ToArray())));
    }

    [Fact]
    public void Seal_RingOfAnotherCipher_IsLeftToDataProtection()
    {
        using var ring = new Ring(algorithm: EncryptionAlgorithm.AES_256_CBC);
        var vault = ring.Vaults.Of("test");

        var @sealed = vault.Seal("as ever"u8.ToArray());

        Assert.Equal("as ever"u8, ring.ProtectorOf("test").Unprotect(@sealed));
        // Each has a subkey of its own.
        Assert.Equal(100, ModifiersOf(vault).Count);
    }

    [Fact]
    public void Open_AnyBitChanged_IsRefused()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var @sealed = vault.Seal("twelve bytes"u8.ToArray());

        for (var bit = 0; bit < @sealed.Length * 8; bit++)
        {
            var changed = (byte[])@sealed.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(vault, changed);
        }
        Assert.Equal("twelve bytes"u8, vault.Open(@sealed));
    }

    [Fact]
    public void Open_TooShortOrTooLong_IsRefused()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var @sealed = vault.Seal("twelve bytes"u8.ToArray());

        for (var length = 0; length < @sealed.Length; length++)
            AssertRefused(vault, @sealed[..length]);
        AssertRefused(vault, [.. @sealed, 0]);
    }

    [Fact]
    public void Open_OfAnotherPurposeOrRing_IsRefused()
    {
        using var ring = new Ring();
        using var other = new Ring();
        var @sealed = ring.Vaults.Of("test").Seal("test"u8.ToArray());

        AssertRefused(ring.Vaults.Of("other"), @sealed);
        AssertRefused(other.Vaults.Of("test"), @sealed);
        // The same key id in front does not make it this ring's.
        var own = other.Vaults.Of("test").Seal("test"u8.ToArray());
        own.AsSpan(KeyIdAt, 16).CopyTo(@sealed.AsSpan(KeyIdAt));
        AssertRefused(other.Vaults.Of("test"), @sealed);
    }

    [Fact]
    public void Open_PartsOfTwo_IsRefused()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var (one, two) = (vault.Seal("message one"u8.ToArray()), vault.Seal("message two"u8.ToArray()));

        AssertRefused(vault, [.. one[..DataAt], .. two[DataAt..]]);
        AssertRefused(vault, [.. one[..NonceAt], .. two[NonceAt..DataAt], .. one[DataAt..]]);
        AssertRefused(vault, [.. one[..^16], .. two[^16..]]);
    }

    [Theory]
    [InlineData(0xF1)]
    [InlineData(0xFF)]
    [InlineData(0x00)]
    public void Open_OfAnUnknownFormat_IsRefused(byte format)
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var @sealed = vault.Seal("test"u8.ToArray());

        @sealed[3] = format;

        AssertRefused(vault, @sealed);
    }

    [Fact]
    public void Open_OfARelease_ThatMadeASubkeyEachTime_IsReadAndRefusedAlike()
    {
        using var ring = new Ring();
        var vault = ring.Vaults.Of("test");
        var @sealed = ring.ProtectorOf("test").Protect("former"u8.ToArray());

        Assert.Equal("former"u8, vault.Open(@sealed));
        @sealed[^1] ^= 1;
        AssertRefused(vault, @sealed);
    }

    private static void AssertRefused(Vault vault, byte[] @sealed) =>
        Assert.Equal(StorageErrors.Unreadable, Assert.Throws<StorageException>(() => vault.Open(@sealed)).Code);

    private static string ModifierOf(byte[] @sealed) => Convert.ToHexString(@sealed[ModifierAt..NonceAt]);

    private static Guid KeyIdOf(byte[] @sealed) => new(@sealed.AsSpan(KeyIdAt, 16));

    /// <summary>The modifiers of a hundred.</summary>
    private static HashSet<string> ModifiersOf(Vault vault) =>
        [.. Enumerable.Range(0, 100).Select(i => ModifierOf(vault.Seal(Encoding.UTF8.GetBytes($"{i}"))))];

    /// <summary>Per test: Data Protection over a ring in memory.</summary>
    private sealed class Ring : IDisposable
    {
        private readonly ServiceProvider _services;

        public Ring(Elements? stored = null, bool load = true, EncryptionAlgorithm algorithm = EncryptionAlgorithm.AES_256_GCM)
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services
                .AddDataProtection()
                .SetApplicationName(KeyRing.Application)
                .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = algorithm });
            services.Configure<KeyManagementOptions>(options => options.XmlRepository = stored ?? new Elements());
            _services = services.BuildServiceProvider();
            ProtectorOf("start").Protect([]);
            Vaults = new Vaults(KeyRing.Application, _services.GetRequiredService<IDataProtectionProvider>(), Keys, Time);
            if (load)
                Vaults.Load();
        }

        public FakeTimeProvider Time { get; } = new();

        public Vaults Vaults { get; }

        public IKeyManager Keys => _services.GetRequiredService<IKeyManager>();

        public IDataProtector ProtectorOf(string purpose) =>
            _services.GetRequiredService<IDataProtectionProvider>().CreateProtector("FlowEngine.Storage", purpose);

        public void Dispose() => _services.Dispose();
    }

    private sealed class Elements : IXmlRepository
    {
        private readonly List<XElement> _all = [];

        public IReadOnlyCollection<XElement> GetAllElements() => [.. _all.Select(element => new XElement(element))];

        public void StoreElement(XElement element, string friendlyName) => _all.Add(new XElement(element));
    }
}
