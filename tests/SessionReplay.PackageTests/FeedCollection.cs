namespace SessionReplay.PackageTests;

/// <summary>The packages are packed once for all tests.</summary>
[CollectionDefinition(Name)]
public sealed class FeedCollection : ICollectionFixture<Feed>
{
    public const string Name = "Feed";
}
