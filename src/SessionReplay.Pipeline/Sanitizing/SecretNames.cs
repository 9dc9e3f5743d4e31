using System.Collections.Frozen;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// The words of names whose values are secrets: form fields, JSON members, query parameters, headers, environment variables. Names are
/// compared word by word (<see cref="NameWords"/>), so that <c>newPassword</c>, <c>password_confirm</c> and <c>user.password</c> need no
/// entry of their own.
/// </summary>
internal static class SecretNames
{
    /// <summary>Words that make a name secret.</summary>
    public static readonly FrozenSet<string> Words = Set(
        "password passwd passwort kennwort passphrase passcode pwd pswd secret secrets token otp totp cvv cvc csc cvn cvvc ssn pin jwt apikey "
        + "senha contrasena wachtwoord motdepasse xsrf csrf jsessionid phpsessid sessid");

    /// <summary>
    /// Words that make a name secret wherever they stand in a word that is written without borders, such as <c>userpassword</c>.
    /// </summary>
    public static readonly string[] Anywhere = ["password", "passwd", "passwort", "kennwort", "passphrase"];

    /// <summary>Words that do so at the end of such a word, such as <c>authtoken</c>.</summary>
    public static readonly string[] Endings =
    [
        "token", "secret", "passcode", "apikey", "secretkey", "privatekey", "cardnumber", "creditcard", "securitycode", "sessionid", "cvv",
        "cvc", "pwd",
    ];

    /// <summary>Neighbouring words that make a name secret together, written without borders.</summary>
    public static readonly string[] Phrases =
    [
        "creditcard", "debitcard", "cardnumber", "cardnum", "cardno", "cardnr", "cardpan", "cardcode", "cardsecurity", "ccnumber", "ccnum",
        "ccno", "cccsc", "cccvc", "cccvv",
        "securitycode", "verificationcode", "onetimecode", "onetimepass", "authcode", "authorizationcode", "accesscode", "smscode",
        "mfacode", "backupcode", "recoverycode",
        "twofactorcode", "socialsecurity", "apikey", "apisecret", "secretkey", "privatekey", "accesskey", "accountkey", "encryptionkey",
        "signingkey", "masterkey", "authkey",
        "sessionkey", "sharedkey", "subscriptionkey", "licensekey", "consumerkey", "sshkey", "hmackey", "storagekey", "amzsignature",
        "googsignature", "amzcredential", "aspnetsessionid",
        "connectsid", "userpass", "dbpass", "smtppass", "ftppass", "loginpass", "oldpass", "newpass",
    ];

    /// <summary>Whole names that are secret although their words are ordinary.</summary>
    public static readonly FrozenSet<string> Whole = Set("pass sig auth authorization pw ccnumber cc sessionid");

    /// <summary>First words that say that the value is a fact about the secret: <c>hasPassword</c>, <c>maxTokens</c>.</summary>
    public static readonly FrozenSet<string> InnocentFirst = Set(
        "is has had show hide toggle forgot forgotten need needs require requires allow enable enabled disable disabled max min num number total count can should use uses supports");

    /// <summary>Last words that say so: <c>tokenType</c>, <c>password_strength</c>, <c>pinColor</c>.</summary>
    public static readonly FrozenSet<string> InnocentLast = Set(
        "type types kind length len count counts strength score expiry expires expiration expired expire at date time timestamp ttl age policy policies rule rules required optional "
        + "enabled disabled visible visibility shown hidden label labels placeholder error errors message messages status state url uri link path endpoint page form icon "
        + "color colour size width height index position valid invalid validator validation match matches min max limit limits format pattern provider issuer audience scope scopes name "
        + "names method methods algorithm alg version manager toggle button btn modal dialog section container wrapper group row panel usage budget price symbol address amount "
        + "balance decimals supply contract standard search query filter less reset class style ary ariat ion izer ize ization ized iser stream");

    private static FrozenSet<string> Set(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
