namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>Tests that share the peers, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class CopyPeersCollection : ICollectionFixture<CopyPeers>
{
    public const string Name = "CopyPeers";
}
