"""What the fuzzers found before it was mended: name and content, base85."""

FOUND = {
    "a zip directory before the file begins": (
        "s.npz",
        "P)h>@6aWAK0066Gc3ma#Xj;4g006uI000XB004GnV{~tFb1rUhd6Q06O;A|@0CoU-CuC)FV{#`tASXO#G$$+"
        "|CuVPQbaG*CUvF|`WpXDvAVy(qb7d?bCv#|FaAhYtASg8~ATuc}AblVpARr(hARr(hARr(hARr(hARr(hARr"
        "(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hAT2RaO9KQH000000IOtnUDm8gKMVl?01N>D00{s90B&JzWp"
        "gfWaCwtXRZUP?0RVOYdnaUNb7OKRIv^)JRW~OrASY&Ta&&TGZeMS5WMy(EIv_@2Y;$ESASZKZVQ^(9Iv^-DE"
        "GaA?eIOtpARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hAPQ>$"
        "003zK003?P003tI0000000000000000040S004CW003nG003nG003?P0000000000002z@008^|003?P003h"
        "E003wJ003nG003?P008A>001m!0000000000000000000000000003bC001rk003eD000000000000000000"
        "00002-+0|XQR00000t7LXvD&d6Z1OWg51OWg52><{9VPbD}bS`did6Q06O;A|@0CoU-CuC)FV{#`tASXOkGc"
        "zYFASY&Ta&&TGZeMS5WMy(EIv_@2Y;$ESASZKZVQ^(9Iv^-1EFgU#ARr(hARr(hARr(hARr(hARr(hARr(hA"
        "Rr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(h3VQ$m03rYY0CNBU0A&CG0A&CG0Av6F03rYY06G8w"
        "03ZMW0CWHV0CE5T0CfNW0A&CG04x9i03ZMW03rYY0CNBU0CWHV0A&CG0B`^R0CNBU03rYY06G8w03ZMW0DAx"
        "c03rYY0AT<C03rYY06G8w03ZMW05Jdn0DS-e0DS-e08mQ-0u%!j000000IOtnT_x~nTD$-N0K5PI01E&B000"
        "00000000Du7i0001XWn*-2a&s<jaCuNm0Rj{Q6aWAK0066Gc3sx2Nk0q$000aD000R90000000000004ji<p"
        "2NxZeeX@b1rUhc~DCM0u%!j000000IOtnT`J*(=L7)&00aR500{s900000000000Du7)0ssJEVsCYHE^csnP"
        ")h{{000000{{a6rvLx|LjwQ+000",
    ),
    "a zip member without a name": (
        "s.npz",
        "P)h>@6aWAK0066Gc3oeu-z%5^005W(000XB004GnV{~tFb1rUhd6Q06O;A|@0CoU-CuC)FV{#`tASXO#G$$+"
        "|CuVPQbaG*CUvF|`WpXDvAVy(qb7d?bCv#|FaAhYtASf~{ATuc}AblVpARr(hARr(hARr(hARr(hARr(hARr"
        "(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(h3IG5AKL7xrzW@M0KyMO*IsgCwKmY(hzfem91QY-O00"
        "021WOiLf8`|-M0001k0000F0001PVQpn|Aa!(REjTW2aCwtXRZUP?0RVOYdnaUNb7OKRIv^)}bulL_ASY&Ta"
        "&&S=8`|-M0001k0000F0001PVQpn|Aa!(REjTW2aCwtXRZUP?0RVOYdnaUNb7OKRIv^)}bulL_ASY&Ta&&TG"
        "ZeMS5WMy(EIv_@2Y;$ESASZKZVQ^(9Iv^-BEGaA?eIOtpARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr("
        "hARr(hARr(hARr(hARr(hARr(hARr(hAPQlxVo*y11QY-O00021WOiM5Vm;%S0001(0000G0001PVQpn|Aai"
        "tKa&&VpZg6>%PE}1%Spfic0DC87WpiV4CpsV}JZU&5EFdRlZ*p{UVQyb<a%5$4CpsWTVQh0{EFdRyXkl<=Cp"
        "sV~Gb|}AAblVpARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hA"
        "Rr0=00000000030000000001000000000`O928D0~7!N00021WOiL&uiq<}0001(0000B00000000000001h"
        "0RR910Cr_#bZ>HVE^csnP)h*<6ay3h00000t7LXv6aoQDP<e1}E;ub_bafzeWo=<@0002N0e}Di000000000"
        "001p5F0D}Mk0E6+`8%6^Z000000IOtnU3X$V<Cp*d0GI#(01yBG00000000000Du8;0RRAQVQpn|AaitKa&&"
        "VpZg6=}O9ci10000300RKD0000t0ssI200",
    ),
    "a table of one line that ends with CR": ("t.s", "APRD1LM(VJcrh$^"),
    "an Arrow stream with two columns of one name": (
        "t.stream",
        "|NsC0009615C8xG000UA3;+fI1po*D3IG5A009I53;+NC2mlBG000C42mk;81ONa41ONa4pa1{>TmS$7FaQ7"
        "m1ONa4fdBvh000345C8xG6aWAK1ONa4000000ssI2crpM0uK)l400031sQ>@}000345C8xG6aWAK1ONa4000"
        "000ssI2crX9}*8l(i00031(EtDc000345C8xG8~^|S1ONa4000000ssI2crX9}000I62ml5E1^@s6000315C"
        "9Ya2ml5E2LKEJ000mG5C8xG000365C8xG8~^|S1ONa4000001ONa4cW-iJ000001ONm81ONa400000|NsC0C"
        ";<Qf6aWAK000003;-4Y1^@*B2mlNK3;+NC00RU77ytkOfB*mh00000000UA7yt|a1ONyC3IG5AtN;K25C8xG"
        "1poj500000000002><{90000000000000000000000000000007ytkO000007ytkO000008UO$Q00000H~;_"
        "u000000000000000H~;_u000006aWAK00000Pyhe`000000000000000Pyhe`000006aWAK00000XaE2J000"
        "000000000000XaE2J000006aWAK00000000001ONa41poj50000000000000001poj50000000000000001p"
        "oj50000000000000001poj5000000000000000000001ONa42><{95dZ)H7XSbN8UO$QYiVw0adl;7ZcW3yZ"
        "ewU=ZswPz=A5iyE@A)x000000000#ZxVw#004kM007{?000m{00000005xB0000$006K+0000%004l$00000"
        "002Nh002P000789&CJX_001CB00000|NsC000000",
    ),
    "a Parquet footer at which pyarrow ended the process": (
        "t.parquet",
        "P(e~L6$BMr6<|yi3Kakn001tu1ONa4YiVw01poj5adl;7ZU_JX08PWZZewU=ZUz7V0Opsa=A5hp0001CE@Bk"
        "`6&4j5EENhB5ETX$1{^j3C<f-2rRJQh7zj<nyl!J?Wo{7>0000BC;|Wg015#E1BgZd6$BL?6(UR(1Qh@h000"
        "j-0{{R3a%E%$0001DY;|Q702LAy7AzGC6%Z8$6$TtO04M`;Wn>rxVr+F~5fK0Y00|%h0000A0RaOF6$BOV0T"
        "rwPOcfp#01^NIcmMze0R-Sb1qTQK^uGxRAP7JJ007`kVo(hj0003H3;+NC=nWtM5DgFj77Yjh84U;s9KZkt0"
        "RSKY5DcK1nYj%>03rbpFaQ7m@V@{6000001V9x46)qJrEEOIA6%Z8$6$Ts_2mk;80000YKo|%B00000035&;"
        "04N9m0000003tvb2mk;80000Sz!4Du000+Q0{{R31-5Mh0000U0|W&SGE{b$y4(&G1Q~2K02l^yV`yb<VHE}"
        "d6$~W;7zB53a%3d{OdJ3J02K%&0vHBkZ)|UMawPyv8~^|SH3Ap`b`=5@224Bv001=v7zAu-b95B~02K-)0vH"
        "EnY-Md_Zgc<^3K<+3JSG4f6$}|Q00s~l7zB53a%2?(777;N0T$>1CWHYd2pl#5C<f-2rRJQh7zj<nyl!J?Wo"
        "{7>02wS51Qh@k0ss{N6%Z8y06Z2n83q|9015yA044w&6$}|Q00s~l7zSf+Y;SdP6#^Ct7LWlJm;olP0w(YQ9"
        "5w(b19D|#7zAQ$b!8C|02wS51Qh@k0ss{N6%Z8y06Z2V83q|9015yA044w&6$%+O00s~lI01G9Y-w|J2W4z!"
        "ZDnqB6#^C>7Q6!%`~oJ_1SW_B92f`y0000003tvb2mk;80000Sz!m@~2mk;80000YKo|%B00000035&(5dax"
        "16$BLk6#@Vi02L4w0suTICJGc8MgRZ+9smFU7OVyq3ML2^`~?6R92g8iQc_P>I&))UWo=;?m;)~_FE1~7XF@"
        "?iK~X_LK|w)5K}$hFcR@mDK}JDAXF)?}K|w)5K|(@7K}A79K|xngFE1~5Q9(gLK}118K|wJ=K|w)CK|w)5K}"
        "A79K|xbcFE1~5K|w)LcU3__K|x1BK|w)5Q9(gLK|(=6K|w`9K|w)5ML|J9LNY-?K|xPYFE1}ML@zHdI6*-{M"
        "MOnGK|w)6cR@ixK}A79K|w)5K|w)5Q9(gLLU3e9R&+r@K}SJBXF)<|K}SJBK|w)5K|?`8K|x1BK}kVDSwTW~"
        "K}|tIK|w}AK~X_LK|w)5K|(@OQ9(gLLP0@6K|x7DK|w)5Q9(gLK|w)5K|w-iK|w)BPIh8PIWc2rK|w=7K}kV"
        "DK|w-6K}kVDK|w@8K|w)5XF)_kK}kVDV?jefK|w)5K|w)5MnOSAK|y&?FE1~6K|w}AK}kVDSwTW~K}|tHK|w"
        "`9K~X_LK|w)5K|(@OK|w)5L1RHdK|w-6K|w)5K|w)5K}A79K|y3PIeA(^K|w)5K}A79Q9(jMK|w)5Jv{&zAa"
        "G%Fadl;MEn{$SEn#wUZ+9SeWpZ<AZ*CwmHZCwOF&R7@000~S02}}S0Ad3G08l|vF#",
    ),
    "a packed megabyte of digits that end in no number": (
        "n.txt.bz2",
        "LRx4!F+o`-Q(39PMWh8LRM`Lk5I_JR03ZM$08nO{3964zl?W|F#X=D>P=rrnp$ME^g0f7evXnBQat7VTvH$=efB--"
        "MKmb4hpv^QBR3RFQgd<T<gmAl(DZ+$?I<N",
    ),
}
